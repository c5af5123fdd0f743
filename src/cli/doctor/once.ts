/** Makes a value when it is first asked for, and keeps it; what it threw is thrown again. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | { readonly error: unknown } | undefined;
  return () => {
    made ??= attempt(make);
    if ('error' in made) throw made.error;
    return made.value;
  };
}

function attempt<Value>(
  make: () => Value,
): { readonly value: Value } | { readonly error: unknown } {
  try {
    return { value: make() };
  } catch (error) {
    return { error };
  }
}

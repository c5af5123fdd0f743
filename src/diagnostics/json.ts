/** A JSON object, its fields not looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a decoded value is an object: no array, no null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

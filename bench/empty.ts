// The floor: what any program compiled by this runtime costs before it does something.
export {};

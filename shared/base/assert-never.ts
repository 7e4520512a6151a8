/** Marks a branch the types rule out; reaching it at run time is our own bug, so it throws. */
export function assertNever(value: never, what = 'value'): never {
  throw new Error(`unexpected ${what}: ${JSON.stringify(value)}`);
}

/** An object whose unknown members throw: what the app uses and the harness lacks must be loud. */
export function strict<T extends object>(name: string, members: T): T {
  return new Proxy(members, {
    get(target, key) {
      if (key in target || typeof key === 'symbol' || key === 'then') return Reflect.get(target, key, target) as unknown;
      throw new Error(`recorded electron: ${name}.${key} is not there`);
    },
  });
}

function assertJson(value: unknown, at: string): void {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  const isPlain = Array.isArray(value) || (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype);
  if (!isPlain) throw new Error(`recorded electron: ${at} would not survive JSON`);
  for (const [key, part] of Object.entries(value as object)) assertJson(part, `${at}.${key}`);
}

/** A value's way between processes: Electron clones it, this bridge writes JSON, so whatever JSON would change is refused. */
export function toWire(value: unknown): string {
  const clone: unknown = structuredClone(value);
  assertJson(clone, '$');
  return JSON.stringify(clone);
}

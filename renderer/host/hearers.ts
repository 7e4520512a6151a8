/** A list of listeners: `tell` calls each that has not left. */
export interface Hearers<T> {
  readonly add: (hear: (value: T) => void) => () => void;
  readonly tell: (value: T) => void;
}

/** Creates an empty list of listeners. */
export function createHearers<T>(): Hearers<T> {
  const all = new Set<(value: T) => void>();
  return {
    add: (hear) => {
      all.add(hear);
      return () => void all.delete(hear);
    },
    tell: (value) => {
      for (const hear of all) hear(value);
    },
  };
}

declare const brand: unique symbol;

/** A `T` that the compiler keeps apart from other `T`s; only the parser of `B` makes one. */
export type Brand<T, B extends string> = T & { readonly [brand]: B };

/** What survives JSON unchanged: the only values that cross a Channel (DESIGN §8.5). */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

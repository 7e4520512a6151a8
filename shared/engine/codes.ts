/** How a rule or a chain ended: on to the next rule, accepted by this base chain, the packet's way ended, back to the caller, into another chain, or (nft) the rule did not apply after all. */
export const next = 0;
export const accepted = 1;
export const stopped = 2;
export const returned = 3;
export const jumped = 4;
export const gone = 5;
export const broke = 6;
export type Code = typeof next | typeof accepted | typeof stopped | typeof returned | typeof jumped | typeof gone | typeof broke;


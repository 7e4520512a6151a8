/** An exact, reduced, non-negative rational; `den` > 0. */
export interface Fraction { readonly num: bigint; readonly den: bigint }

/** JSON form: numbers up to 2⁵³, decimal strings beyond (DESIGN §8.5). */
export interface FractionJson { readonly num: number | string; readonly den: number | string }

export const zero: Fraction = { num: 0n, den: 1n };
export const one: Fraction = { num: 1n, den: 1n };

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** Builds num/den reduced; throws on a zero denominator or a negative value, which are our own bugs. */
export function fraction(num: bigint | number, den: bigint | number = 1n): Fraction {
  const n = BigInt(num);
  const d = BigInt(den);
  if (d <= 0n || n < 0n) throw new RangeError(`not a fraction: ${n}/${d}`);
  if (n === 0n) return zero;
  if (n === d) return one;
  const g = gcd(n, d);
  return { num: n / g, den: d / g };
}

export const addFractions = (a: Fraction, b: Fraction): Fraction => fraction(a.num * b.den + b.num * a.den, a.den * b.den);
export const multiplyFractions = (a: Fraction, b: Fraction): Fraction =>
  a === one ? b : b === one ? a : fraction(a.num * b.num, a.den * b.den);
/** 1 − a; throws where a > 1. */
export const complement = (a: Fraction): Fraction => fraction(a.den - a.num, a.den);
export const compareFractions = (a: Fraction, b: Fraction): number => {
  const left = a.num * b.den;
  const right = b.num * a.den;
  return left < right ? -1 : left > right ? 1 : 0;
};
export const equalFractions = (a: Fraction, b: Fraction): boolean => a.num === b.num && a.den === b.den;
export const toNumber = (a: Fraction): number => Number(a.num) / Number(a.den);

const safe = (n: bigint): number | string => (n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n.toString());
export const toFractionJson = (a: Fraction): FractionJson => ({ num: safe(a.num), den: safe(a.den) });
export const fromFractionJson = (a: FractionJson): Fraction => fraction(BigInt(a.num), BigInt(a.den));
/** "1/3", or "1" for a whole number. */
export const printFraction = (a: Fraction | FractionJson): string => (String(a.den) === '1' ? String(a.num) : `${a.num}/${a.den}`);

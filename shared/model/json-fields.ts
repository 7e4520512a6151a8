import type { Json } from '../base/json.ts';
import type { Labels } from './types.ts';

/** An object's fields as read; a missing field is undefined. */
export type Fields = { readonly [key: string]: Json };
const none: Fields = {};

const isFields = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value as a map of fields; empty where it is anything else. */
export const fieldsOf = (value: Json | undefined): Fields => (isFields(value) ? value : none);
/** Whether the field is present as a map, even an empty one. */
export const hasFields = isFields;
/** The value as a list; empty where it is anything else. */
export const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
/** The value as a list of maps, other items left out. */
export const recordsOf = (value: Json | undefined): readonly Fields[] => listOf(value).filter(isFields);
/** The value as text; '' where it is no string. */
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
/** The value as a list of strings, other items left out. */
export const textsOf = (value: Json | undefined): readonly string[] => listOf(value).filter((item): item is string => typeof item === 'string');
/** The value as an integer, or the fallback. */
export const integerOf = (value: Json | undefined, fallback: number): number => (typeof value === 'number' && Number.isInteger(value) ? value : fallback);
/** The value as a boolean, or the fallback. */
export const booleanOf = (value: Json | undefined, fallback: boolean): boolean => (typeof value === 'boolean' ? value : fallback);

/** Walks keys into nested maps; undefined as soon as one is missing. */
export function dig(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let at = value;
  for (const key of path) {
    if (!isFields(at) || !Object.hasOwn(at, key)) return undefined;
    at = at[key];
  }
  return at;
}

/** The value as labels or annotations, in key order so that equal maps are equal JSON. */
export function labelsOf(value: Json | undefined): Labels {
  const entries = Object.entries(fieldsOf(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** JSON text with sorted keys: equal content gives equal text. */
export function canonicalJson(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonicalJson).join(',')}]`;
  if (!isFields(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value).toSorted();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`).join(',')}}`;
}

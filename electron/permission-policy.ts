// Chromium asks under these names; all others, known or not, are denied (reliability A3).
const granted: ReadonlySet<string> = new Set(['clipboard-sanitized-write', 'fullscreen']);

/** Whether our page may have a permission it asks for. */
export const isGranted = (permission: string): boolean => granted.has(permission);

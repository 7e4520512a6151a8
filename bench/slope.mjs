/** How fast the second number grows with the first, by least squares. @param {readonly (readonly [number, number])[]} samples */
export function slopeOf(samples) {
  const mean = (/** @type {0 | 1} */ i) => samples.reduce((sum, sample) => sum + sample[i], 0) / samples.length;
  const [x, y] = [mean(0), mean(1)];
  const spread = samples.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  return spread === 0 ? 0 : samples.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / spread;
}

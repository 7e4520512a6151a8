/**
 * What is wrong with the lockfile (reliability H2): every package comes with a sha512 hash, none from git, a file or an address.
 * @param {string} text the text of package-lock.json @returns {readonly string[]}
 */
export function checkLockfile(text) {
  /** @type {{ lockfileVersion?: number, packages?: Record<string, { integrity?: string, resolved?: string, link?: boolean, version?: string }> }} */
  const lock = JSON.parse(text);
  const version = lock.lockfileVersion === 3 ? [] : [`lockfileVersion is ${lock.lockfileVersion}, not 3`];
  const packages = Object.entries(lock.packages ?? {}).filter(([path]) => path !== '');
  const entries = packages.flatMap(([path, entry]) => [
    ...(entry.integrity?.startsWith('sha512-') === true ? [] : [`${path} has no sha512 hash`]),
    ...(entry.link === true ? [`${path} is a link`] : []),
    ...(entry.resolved === undefined ? [] : [`${path} names where it was fetched from`]),
  ]);
  return [...version, ...entries];
}

/**
 * Dependencies whose version is not exact. @param {string} text the text of package.json @returns {readonly string[]}
 */
export function checkExactVersions(text) {
  /** @type {{ dependencies?: Record<string, string>, devDependencies?: Record<string, string> }} */
  const manifest = JSON.parse(text);
  const all = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  return all.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)).map(([name, version]) => `${name} is ${version}, not an exact version`);
}

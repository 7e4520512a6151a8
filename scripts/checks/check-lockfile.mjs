/**
 * What is wrong with the lockfile (reliability H2): every package comes with a sha512 hash, none from git, a file or an address.
 * @param {string} text the text of package-lock.json @returns {readonly string[]}
 */
export function checkLockfile(text) {
  /** @type {{ lockfileVersion?: number, packages?: Record<string, { integrity?: string, resolved?: string, link?: boolean, optionalDependencies?: Record<string, string> }> }} */
  const lock = JSON.parse(text);
  const version = lock.lockfileVersion === 3 ? [] : [`lockfileVersion is ${lock.lockfileVersion}, not 3`];
  const packages = Object.entries(lock.packages ?? {}).filter(([path]) => path !== '');
  const entries = packages.flatMap(([path, entry]) => [
    ...(entry.integrity?.startsWith('sha512-') === true ? [] : [`${path} has no sha512 hash`]),
    ...(entry.link === true ? [`${path} is a link`] : []),
    ...(entry.resolved === undefined ? [] : [`${path} names where it was fetched from`]),
  ]);
  const locked = new Set(packages.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)));
  // npm leaves out the builds for other systems where it cannot find them, and then `npm ci` refuses the lockfile
  const lost = packages.flatMap(([path, entry]) => Object.keys(entry.optionalDependencies ?? {}).filter((name) => !locked.has(name)).map((name) => `${path} wants ${name}, which is not locked`));
  return [...version, ...entries, ...lost];
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

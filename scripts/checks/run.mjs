// Runs the project's own checks over the tree and, where there is one, the build. Prints one line per finding.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkBundle } from './check-bundles.mjs';
import { checkExactVersions, checkLockfile } from './check-lockfile.mjs';
import { checkSource } from './check-source.mjs';
import { checkSpec } from './check-spec.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rooms = ['shared', 'electron', 'renderer', 'cli', 'scripts', 'e2e', 'bench'];

/** @param {string} dir @returns {readonly string[]} */
function sourceFiles(dir) {
  if (!existsSync(root + dir)) return [];
  return readdirSync(root + dir, { withFileTypes: true }).flatMap((entry) => {
    const path = `${dir}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourceFiles(path);
    return /\.(ts|tsx|mjs|cjs|js)$/.test(entry.name) ? [path] : [];
  });
}

/** @param {string} path */
const read = (path) => readFileSync(root + path, 'utf8');

const sources = rooms.flatMap(sourceFiles);
const inSources = sources.flatMap((path) => checkSource(path, read(path)).map(({ line, id, what }) => `${path}:${line}: ${id}: ${what}`));
const inSpec = checkSpec(read('shared/SPEC.md'), sources.filter((path) => /\.(test|spec|kernel)\.tsx?$/.test(path)).map((path) => ({ path, text: read(path) }))).map(({ path, line, id, what }) => `${path}:${line}: ${id}: ${what}`);
const inLockfile = [...checkLockfile(read('package-lock.json')), ...checkExactVersions(read('package.json'))].map((what) => `package-lock.json: ${what}`);
/** @type {readonly (readonly ['main' | 'preload' | 'engine-process', string])[]} */
const bundles = [['main', 'dist/electron/main.mjs'], ['preload', 'dist/electron/preload.cjs'], ['engine-process', 'dist/electron/engine-process.mjs']];
const built = bundles.filter(([, path]) => existsSync(root + path));
const inBundles = built.flatMap(([bundle, path]) => checkBundle(bundle, read(path)));

const findings = [...inSources, ...inSpec, ...inLockfile, ...inBundles];
for (const finding of findings) console.log(finding);
console.log(`checks: ${sources.length} files, ${built.length} of ${bundles.length} bundles, ${findings.length} findings`);
process.exitCode = findings.length > 0 ? 1 : 0;

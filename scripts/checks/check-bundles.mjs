/**
 * What a bundle contains that it must not. The bundler marks the start of each module with `//#region path` or `// path`.
 * @param {'main' | 'preload' | 'engine-process'} bundle @param {string} text @returns {readonly string[]}
 */
export function checkBundle(bundle, text) {
  const modules = [...text.matchAll(/^\/\/(?:#region)? (\S+\.(?:[cm]?[jt]s|json))$/gm)].map((match) => match[1] ?? '');
  const foreign = bundle === 'engine-process' ? /^electron\/(?!engine-process\.ts$)/ : /node_modules\/|^shared\/(?!api\/|base\/)/;
  const inside = modules.filter((path) => foreign.test(path)).map((path) => `${bundle} contains ${path}`);
  return [...inside, ...outside(bundle, text)];
}

/** Imports that stay outside the bundle. @param {string} bundle @param {string} text @returns {readonly string[]} */
function outside(bundle, text) {
  const imported = [...text.matchAll(/(?:^import\b[^'"\n]*|\brequire\(|\bimport\()\s*["']([^"']+)["']/gm)].map((match) => match[1] ?? '');
  const allowed = { main: /^(electron|node:.+)$/, preload: /^electron$/, 'engine-process': /^$/ }[bundle] ?? /^$/;
  return imported.filter((name) => !allowed.test(name)).map((name) => `${bundle} imports ${name}`);
}

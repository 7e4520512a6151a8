// Rules that neither the compiler nor the linter can hold. Each has a planted violation in check-source.test.ts.
import { dottedName, isNode, nameOf } from './syntax.mjs';

/**
 * @typedef {import('./syntax.mjs').AstNode} AstNode
 * @typedef {{ readonly id: string, readonly what: string, readonly in: RegExp, readonly notIn?: RegExp, readonly hit: (node: AstNode) => boolean }} NodeRule
 */

const tests = /\.(test|spec|kernel)\.tsx?$/;
const product = /^(shared|electron|renderer|cli)\//;

/** @param {AstNode} node @param {readonly string[]} names */
const reads = (node, names) => {
  const name = node.type === 'MemberExpression' ? dottedName(node) : undefined;
  return name !== undefined && names.some((wanted) => name === wanted || (wanted.startsWith('.') && name.endsWith(wanted)));
};

/** @param {AstNode} node @param {readonly string[]} names */
const calls = (node, names) => node.type === 'CallExpression' && isNode(node.callee) && (reads(node.callee, names) || names.includes(nameOf(node.callee) ?? ''));

/** @param {AstNode} node @param {string} key @param {unknown} [value] */
const sets = (node, key, value) => node.type === 'Property' && nameOf(node.key) === key && (value === undefined || (isNode(node.value) && node.value.value === value));

/** @param {AstNode} node */
const importedFrom = (node) => (isNode(node.source) ? nameOf(node.source) : undefined);

/** @param {AstNode} node @param {string} key */
const hasSafeFlag = (node, key) => {
  const want = key !== 'nodeIntegration';
  const properties = isNode(node.value) && Array.isArray(node.value.properties) ? node.value.properties : [];
  return properties.some((property) => isNode(property) && sets(property, key, want));
};

const sinks = ['.innerHTML', '.outerHTML', '.srcdoc', '.insertAdjacentHTML', '.setHTMLUnsafe', '.parseHTMLUnsafe', '.createContextualFragment', 'document.write', 'document.writeln'];
const weakened = ['nodeIntegrationInWorker', 'nodeIntegrationInSubFrames', 'webviewTag', 'enableRemoteModule', 'experimentalFeatures', 'enableBlinkFeatures', 'allowRunningInsecureContent'];
const schemePrivileges = ['bypassCSP', 'corsEnabled', 'allowServiceWorkers'];

/** @type {readonly NodeRule[]} */
export const nodeRules = [
  { id: 'export-star', what: '`export *` hides what a room offers: name the exports', in: /./, hit: (node) => node.type === 'ExportAllDeclaration' && node.exported === null },
  {
    id: 'clock-or-dice',
    what: 'shared has no clock and no dice: time and seed are arguments',
    in: /^shared\//,
    notIn: tests,
    hit: (node) => reads(node, ['Math.random']) || (node.type === 'Identifier' && node.name === 'Date'),
  },
  {
    id: 'dom-sink',
    what: 'a sink that turns text into markup (reliability A6)',
    in: /^(shared|renderer|electron)\//,
    hit: (node) =>
      reads(node, sinks) || (node.type === 'Identifier' && node.name === 'DOMParser') || (node.type === 'JSXAttribute' && nameOf(node.name) === 'dangerouslySetInnerHTML'),
  },
  {
    id: 'web-preferences',
    what: 'webPreferences must set nodeIntegration: false, contextIsolation: true and sandbox: true (reliability A2)',
    in: /^electron\//,
    hit: (node) => sets(node, 'webPreferences') && !['nodeIntegration', 'contextIsolation', 'sandbox'].every((key) => hasSafeFlag(node, key)),
  },
  {
    id: 'weakened-shell',
    what: 'an option that opens the sandbox (reliability A2, A7)',
    in: /^electron\//,
    hit: (node) => weakened.some((key) => sets(node, key)) || sets(node, 'webSecurity', false) || schemePrivileges.some((key) => sets(node, key)),
  },
  { id: 'load-file', what: 'pages come from the app scheme only (reliability A7)', in: /^electron\//, hit: (node) => calls(node, ['.loadFile']) },
  { id: 'open-path', what: 'never hand a path to the desktop (reliability A15)', in: /^electron\//, hit: (node) => calls(node, ['.openPath', '.showItemInFolder']) },
  {
    id: 'bare-ipc',
    what: 'only trusted-sender.ts may touch ipcMain (reliability A9)',
    in: /^electron\//,
    notIn: /^electron\/trusted-sender\.ts$|\.test\.ts$/,
    hit: (node) => node.type === 'Identifier' && node.name === 'ipcMain',
  },
  {
    id: 'raw-ipc-renderer',
    what: 'only preload.ts may touch ipcRenderer (reliability A11)',
    in: /^(electron|renderer)\//,
    notIn: /^electron\/preload\.ts$|\.test\.tsx?$/,
    hit: (node) => node.type === 'Identifier' && node.name === 'ipcRenderer',
  },
  {
    id: 'shell-command',
    what: 'no command through a shell (reliability C1)',
    in: product,
    hit: (node) => sets(node, 'shell', true) || (node.type === 'ImportSpecifier' && ['exec', 'execSync'].includes(nameOf(node.imported) ?? '')),
  },
  {
    id: 'sigterm-handler',
    what: "the engine's process must die of SIGTERM (reliability G2)",
    in: /^(shared\/|electron\/engine-process\.ts$)/,
    hit: (node) => calls(node, ['.on', '.once', '.addListener']) && Array.isArray(node.arguments) && nameOf(node.arguments[0]) === 'SIGTERM',
  },
  {
    id: 'silenced-warnings',
    what: "Electron's security warnings stay on (reliability A20)",
    in: /^(electron|scripts)\//,
    notIn: /^scripts\/checks\//,
    hit: (node) => [nameOf(node), dottedName(node)].some((name) => name?.endsWith('ELECTRON_DISABLE_SECURITY_WARNINGS') === true),
  },
  {
    id: 'archive-reader',
    what: 'no archives are read (reliability B11)',
    in: product,
    hit: (node) => node.type === 'ImportDeclaration' && /zip|tar(-|$)|node:zlib/.test(importedFrom(node) ?? ''),
  },
];

export const maxLines = 400;
export const unfinished = /\b(TODO|FIXME|XXX|HACK)\b/;

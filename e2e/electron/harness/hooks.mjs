// A module.register() hook: inside the app's bundle `electron` is the recorded one of the launch that imported it.

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  if (specifier !== 'electron' || context.parentURL === undefined) return nextResolve(specifier, context);
  const launch = new URL(context.parentURL).searchParams.get('launch');
  if (launch === null) return nextResolve(specifier, context);
  return { url: new URL(`./electron-module.mjs?launch=${launch}`, import.meta.url).href, shortCircuit: true };
}

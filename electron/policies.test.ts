import { describe, expect, test } from 'vitest';
import { helpAddress, isHelpAddress } from './help-pages.ts';
import { isOwnPage } from './page-address.ts';
import { isGranted } from './permission-policy.ts';
import { resolveAppUrl } from './resolve-app-url.ts';
import { isTrustedSender, type Sender } from './sender-policy.ts';

describe('permissions (A3)', () => {
  const denied = [
    'accessibility-events', 'background-sync', 'clipboard-read', 'camera', 'microphone', 'media', 'mediaKeySystem', 'display-capture', 'geolocation', 'notifications', 'midi', 'midiSysex', 'pointerLock', 'keyboardLock',
    'openExternal', 'window-management', 'idle-detection', 'hid', 'serial', 'usb', 'bluetooth', 'deprecated-sync-clipboard-read', 'storage-access', 'top-level-storage-access', 'speaker-selection', 'fileSystem', 'local-fonts', 'unknown', '', 'Fullscreen', 'fullscreen ', '__proto__', 'something-new',
  ];
  test.each(denied)('%j is denied', (permission) => expect(isGranted(permission)).toBe(false));
  test.each(['clipboard-sanitized-write', 'fullscreen'])('%s is granted', (permission) => expect(isGranted(permission)).toBe(true));
});

describe('app URLs (A8)', () => {
  const files = new Set(['/index.html', '/assets/index-abc.js']);
  test.each([['app://bundle/', '/index.html'], ['app://bundle/index.html', '/index.html'], ['app://bundle/index.html?x=1#y', '/index.html'], ['app://bundle/assets/index-abc.js', '/assets/index-abc.js']])('%s is %s', (url, file) => {
    expect(resolveAppUrl(url, files)).toEqual({ status: 200, file });
  });

  const elsewhere = [
    '', 'app:', 'app://', 'app://bundle', 'app:///index.html', 'app://other/index.html', 'app://bundle.evil/index.html', 'app://bundle@evil/index.html', 'app://evil@bundle/index.html', 'app://bundle:80/index.html', 'APP://bundle/index.html', 'app://BUNDLE/index.html',
    'app:/bundle/index.html', 'app:bundle/index.html', 'app://bundle\\index.html', 'file:///etc/passwd', 'http://bundle/index.html', 'https://bundle/index.html', 'data:text/html,x', 'javascript:1', 'blob:app://bundle/x', ' app://bundle/index.html', 'index.html', '/index.html',
  ];
  test.each(elsewhere)('%j is not ours', (url) => expect(resolveAppUrl(url, files)).toEqual({ status: 400 }));

  const paths = [
    '/..', '/../etc/passwd', '/../../index.html', '/./index.html', '/assets/../index.html', '/%2e%2e/etc/passwd', '/%2e%2e%2fetc', '/..%2f', '/..%5c', '/%252e%252e/', '/%00', '/index.html%00', '/index.html\0', '/\\', '/..\\..\\x', '//etc/passwd', '//evil.com/x', '/C:/x',
    '/c:\\x', '/\\\\server\\share', '/index.html::$DATA', '/index.html.', '/index.html ', '/index.html%20', '/%c0%ae%c0%ae/', '/%e0%80%ae/', '/Index.html', '/INDEX.HTML', '/INDEX~1.HTM', '/index.html/', '/assets', '/assets/', '/assets-evil/x', '/assets//index-abc.js', '/package.json',
    '/electron/main.mjs', '/__proto__', '/constructor', '/%69ndex.html', '/index.html;x',
  ];
  test.each(paths)('%j does not exist', (path) => expect(resolveAppUrl(`app://bundle${path}`, files)).toEqual({ status: 404 }));
  test('the tables have at least 60 rows', () => expect(elsewhere.length + paths.length).toBeGreaterThanOrEqual(60));
});

describe('senders (A9)', () => {
  const good: Sender = { frame: { url: 'app://bundle/index.html', isTop: true }, windowId: 1, isDestroyed: false };
  const at = (url: string): Sender => ({ ...good, frame: { url, isTop: true } });
  const own = new Set([1]);
  test.each([['our page', good], ['our page with a fragment', at('app://bundle/index.html#x')], ['our page with a query', at('app://bundle/index.html?x')]])('%s is heard', (_name, sender) => expect(isTrustedSender(sender, own)).toBe(true));

  const strangers: readonly (readonly [string, Sender])[] = [
    ['another origin', at('https://evil.com/index.html')],
    ['a frame inside our page', { ...good, frame: { url: 'app://bundle/index.html', isTop: false } }],
    ['about:blank', at('about:blank')],
    ['an empty URL', at('')],
    ['a frame that has gone', { ...good, frame: null }],
    ['a look-alike host', at('app://bundle.evil/index.html')],
    ['a look-alike page', at('app://bundle/index.html.evil')],
    ['our host with a user', at('app://x@bundle/index.html')],
    ['another scheme', at('file:///bundle/index.html')],
    ['another page of ours', at('app://bundle/other.html')],
    ['developer tools', at('devtools://devtools/bundled/inspector.html')],
    ['a destroyed window', { ...good, isDestroyed: true }],
    ['a window that is not ours', { ...good, windowId: 2 }],
    ['a data URL', at('data:text/html,app://bundle/index.html')],
  ];
  test.each(strangers)('%s is refused', (_name, sender) => expect(isTrustedSender(sender, own)).toBe(false));
  test('with no window nobody is heard', () => expect(isTrustedSender(good, new Set())).toBe(false));
});

describe('navigation (A13)', () => {
  const away = [
    'https://evil.com/', 'http://localhost/', 'file:///etc/passwd', 'file://server/share', 'data:text/html,<b>', 'blob:app://bundle/123', 'javascript:alert(1)', 'app://other/index.html', 'app://bundle/other.html', 'app://bundle/', 'app://bundle', 'app://bundle/index.html/..', 'app://bundle/index.htm',
    '//evil.com', 'about:blank', 'about:srcdoc', 'view-source:app://bundle/index.html', 'chrome://settings', 'devtools://x', 'mailto:a@b', 'ws://evil.com', '', 'APP://BUNDLE/INDEX.HTML',
  ];
  test.each(away)('%j is a way out', (url) => expect(isOwnPage(url)).toBe(false));
});

describe('addresses for the desktop browser (A15)', () => {
  const hostile = [
    'file:///etc/passwd', 'smb://server/share', 'ms-settings:', 'ms-msdt:x', 'search-ms:query=x', 'javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'ftp://x', 'http://github.com/podhop/podhop#readme', 'https://github.com@evil.com/podhop/podhop#readme', 'https://evil.com/https://github.com/podhop/podhop#readme',
    'https://github.com/podhop/podhop', 'https://github.com/podhop/podhop#readme2', 'https://github.com/podhop/podhop#readme ', ' https://github.com/podhop/podhop#readme', 'https://github.com/podhop/\tpodhop#readme', 'https://github.com/podhop/podhop#readme\n', 'https://github.com:443/podhop/podhop#readme',
    'HTTPS://github.com/podhop/podhop#readme', 'https://GITHUB.com/podhop/podhop#readme', 'https://gіthub.com/podhop/podhop#readme', 'https://github.com./podhop/podhop#readme', 'https://github.com.evil.com/podhop/podhop#readme', 'https://github.com/podhop/podhop/../../evil', 'https:github.com/podhop/podhop#readme',
    '\\\\server\\share', '/etc/passwd', 'C:\\Windows\\System32\\calc.exe', '', 'manual', '__proto__',
  ];
  test.each(hostile)('%j is not opened', (address) => expect(isHelpAddress(address)).toBe(false));
  test.each(['manual', 'issues', 'kubernetes-services'])('the page %s has an address that may be opened', (page) => expect(isHelpAddress(helpAddress(page) ?? '')).toBe(true));
  test.each(['__proto__', 'constructor', 'toString', '', 'Manual', 1, null, {}, ['manual'], 'https://evil.com'])('%j is no help page', (page) => expect(helpAddress(page)).toBeNull());
});

import { app, session, type WebContents } from 'electron';
import { isGranted } from './permission-policy.ts';
import { isOwnPage } from './page-address.ts';

/** Nothing navigates, frames, redirects or opens (reliability A13, A14). */
function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    // a reload of our own page is no way out
    if (!isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnPage(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Closes every way out of the page, for every window that will ever be: navigation, windows, permissions, devices, downloads (A3, A13, A14, A21). */
export function guardEverything(): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  const own = session.defaultSession;
  own.setPermissionRequestHandler((_contents, permission, answer) => answer(isGranted(permission)));
  own.setPermissionCheckHandler((_contents, permission) => isGranted(permission));
  own.setDevicePermissionHandler(() => false);
  own.setDisplayMediaRequestHandler((_request, answer) => answer({}));
  own.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
  own.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault();
    choose();
  });
  own.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault();
    choose('');
  });
  // documents are saved through the native dialog, not by downloads
  own.on('will-download', (event) => event.preventDefault());
}

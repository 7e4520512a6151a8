export declare const contentSecurityPolicy: string;
/** @type {Readonly<Record<string, string>>} */
export declare const securityHeaders: Readonly<Record<string, string>>;
/** The Content-Type of a file of the app, by its ending. @param {string} path @returns {string} */
export declare const contentType: (path: string) => string;

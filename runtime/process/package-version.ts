/** Version of this package; the compiler has its own constant, and a test holds both equal to package.json. */
export const PACKAGE_VERSION = '0.1.0'

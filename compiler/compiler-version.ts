/** The compiler's version: a part of what decides a bundle's bytes. */
export const COMPILER_VERSION = '0.1.0';

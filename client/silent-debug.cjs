'use strict';
/**
 * In place of `debug` in the built pages: JsSIP logs every message with it, credentials included, as soon as anyone sets
 * `localStorage.debug` at a shared station, and 2 KB of every page would be for that. `npm run dev` has the real one.
 */
const silent = () => Object.assign(() => undefined, { enabled: false });
module.exports = Object.assign(silent, { default: silent });

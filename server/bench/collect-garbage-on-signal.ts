/**
 * Loaded into the measured server before its own code: SIGUSR2 asks for a full collection that keeps nothing in reserve, so that neither
 * garbage nor room for more of it is taken for need.
 */
process.on('SIGUSR2', () => globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' }));

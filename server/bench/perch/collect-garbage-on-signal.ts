/** Loaded into the measured server before its own code: SIGUSR2 asks for a full collection, so that garbage is not taken for need. */
process.on('SIGUSR2', () => globalThis.gc?.());

/** The names in the data folder. */
export const DATABASES = ['perch.db', 'calls.db', 'records.db'] as const;
export type DatabaseName = (typeof DATABASES)[number];
/** The recordings; a folder for each organization is inside. */
export const RECORDINGS = 'voicemail';
/** What the demo has besides. */
export const OF_THE_DEMO = /^demo-(?:seed|lan-)/;
/** Where `perch backup` reaches the Perch that serves this folder. */
export const SOCKET = 'perch.sock';
/** Copies of the databases of a Perch that is stopped, while a backup is made of them. */
export const SNAPSHOT = 'snapshot';
/** A backup that is being restored, until all of it is there. */
export const RESTORING = 'restore.part';

export * from './api.ts';
export * from './assert-never.ts';
export * from './center-events.ts';
export * from './ids.ts';
export * from './page-events.ts';
export * from './prompt-texts.ts';
export * from './secret-code.ts';
export * from './terminal-view.ts';

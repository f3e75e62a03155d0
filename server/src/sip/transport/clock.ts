export type { Clock } from '../../world/clock.ts';

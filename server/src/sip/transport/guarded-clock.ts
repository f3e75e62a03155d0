export { guardedClock } from '../../world/guarded-clock.ts';

export { VirtualClock } from '../../world/virtual-clock.ts';

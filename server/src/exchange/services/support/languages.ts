import type { Language } from '@perch/shared';
import type { ServicePorts } from '../service.ts';

/** Everyone is spoken to in that language. */
export const everyoneIn = (language: Language): ServicePorts['languages'] => ({ spokenTo: () => language });

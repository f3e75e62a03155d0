import * as z from 'zod/mini';

// The content security policy forbids evaluated code, which zod would try first. Imported before any schema is made.
z.config({ jitless: true });

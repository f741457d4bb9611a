import { z } from 'zod';

/** What a careful caller checks of the answer. */
export const answerSchema = z.object({
  authentication_code: z.string().regex(/\S/),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});

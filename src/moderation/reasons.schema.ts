import { z } from 'zod';

export const DeskReasonsView = z
  .strictObject({
    sites: z.array(
      z.strictObject({
        /** The key of a site; null for the installation. */
        site: z.string().nullable(),
        /** The origins of the articles that belong to it. All others belong to the installation. */
        origins: z.array(z.string()),
        /** The ids that a decision may give, in the order of the form. */
        choices: z.array(z.string()),
        /** The newest label of each id, also of those that were taken out. */
        labels: z.record(z.string(), z.string()),
      }),
    ),
  })
  .meta({ id: 'DeskReasons' });

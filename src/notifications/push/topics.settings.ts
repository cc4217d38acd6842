import { z } from 'zod';
import { defineSetting } from '../../settings/setting.js';
import { shortLine } from '../../text/short-text.js';

/** The topic of replies to a reader's comments. It is Rostra's own, so the newsroom cannot send alerts to it. */
export const REPLIES = 'replies';

const TopicText = z.strictObject({
  id: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,39}$/,
      'must begin with a small letter and have small letters, digits and hyphens, at most 40',
    ),
  name: shortLine(60).refine((it) => it !== '', 'must not be empty'),
  description: shortLine(200),
});

export const alertTopics = defineSetting<z.infer<typeof TopicText>[]>({
  key: 'alerts.topics',
  group: 'alerts',
  label: 'Topics',
  help: 'The topics that readers choose from and that editors send alerts to, in this order. Replies to a reader’s comments are a further topic, which Rostra sends itself. Browsers that have chosen a topic that you take out get nothing more of it, and get it again when you put its id back.',
  schema: z.array(TopicText).max(19),
  initial: [
    {
      id: 'breaking',
      name: 'Breaking news',
      description: 'The news that cannot wait, a few times a week at the most.',
    },
  ],
  role: 'editor',
  perSite: false,
  check: (topics) => {
    const seen = new Set([REPLIES]);
    for (const { id } of topics) {
      if (seen.has(id))
        return id === REPLIES
          ? `“${REPLIES}” is Rostra’s own topic. Choose another id`
          : `The topic “${id}” stands twice. Leave one of both`;
      seen.add(id);
    }
    return undefined;
  },
});

// The pages of The Harbour Post, made as a publisher's own site would make them: with its own texts and styles, and
// with the Rostra elements where readers comment.

const PAPER = 'The Harbour Post';

const escape = (text) =>
  String(text).replace(
    /[&<>"']/g,
    (it) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[it],
  );

const day = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });

const published = ({ publishedAt }) => {
  const date = new Date(publishedAt);
  return `<time datetime="${publishedAt}">${day.format(date)}, ${hour.format(date)}</time>`;
};

const pathOf = (story) => `/stories/${story.slug}`;
const sectionPath = (section) => `/sections/${section.toLowerCase()}`;

/** Returns the attributes by which Rostra knows a story: the paper's own key if it has one, else its address. */
const nameOf = (site, story) => (story.key ? `article="${escape(story.key)}"` : `url="${site.url}${pathOf(story)}"`);
const countOf = (site, story) => `<rostra-count ${nameOf(site, story)}></rostra-count>`;

// The front page shows counts and nothing else of Rostra, so it loads the small script and a link stands for the account.
const FOLLOWING = '<a href="/following">Following</a>';
const ACCOUNT = '<rostra-account following-url="/following"></rostra-account>';

function page(site, { title, canonical, section, description, main, front = false }) {
  const nav = site.sections
    .map((it) => `<a href="${sectionPath(it)}"${it === section ? ' aria-current="page"' : ''}>${escape(it)}</a>`)
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title === PAPER ? PAPER : `${title} · ${PAPER}`)}</title>
<meta property="og:title" content="${escape(title)}">
<meta name="description" content="${escape(description)}">
<link rel="canonical" href="${escape(canonical)}">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/demo.css">
<script type="module" src="${site.rostraOrigin}/${front ? 'count' : 'embed'}.js"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the story</a>
<header class="mast${front ? ' front' : ''}">
<a class="plate" href="/">${PAPER}</a>
<nav aria-label="Sections">${nav}</nav>
<div class="me">${front ? FOLLOWING : ACCOUNT}</div>
</header>
<main id="main">
${main}
</main>
<footer class="foot"><p><b>${PAPER}</b> is a made-up newspaper. Its stories and pictures were made for this demonstration; the conversations below them are real.</p></footer>
</body>
</html>
`;
}

const picture = (story, eager) =>
  `<img src="/pictures/${story.slug}.svg" width="1200" height="675" alt="${escape(story.alt)}"${eager ? '' : ' loading="lazy"'}>`;

const teaser = (
  site,
  story,
  { kind, level = 2, withPicture = true, eager = false },
) => `<article class="teaser ${kind}">
${withPicture ? `<a class="pic" href="${pathOf(story)}" tabindex="-1" aria-hidden="true">${picture(story, eager)}</a>` : ''}
<div><p class="kicker"><a href="${sectionPath(story.section)}">${escape(story.section)}</a></p>
<h${level}><a href="${pathOf(story)}">${escape(story.title)}</a></h${level}>
<p class="stand">${escape(story.standfirst)}</p>
<p class="meta"><span>${escape(story.byline)}</span>${countOf(site, story)}</p></div>
</article>`;

export function frontPage(site) {
  const [lead, ...others] = site.stories;
  const main = `<h1 class="hidden">${PAPER}</h1>
<p class="today">${day.format(new Date(lead.publishedAt))} · Skarhamn · Wind south-west, falling</p>
${teaser(site, lead, { kind: 'lead', eager: true })}
<div class="row">${others
    .slice(0, 2)
    .map((it) => teaser(site, it, { kind: 'second' }))
    .join('\n')}</div>
<div class="row three">${others
    .slice(2)
    .map((it) => teaser(site, it, { kind: 'third' }))
    .join('\n')}</div>`;
  const description = 'News from the harbour and the islands.';
  return page(site, { title: PAPER, canonical: `${site.url}/`, description, main, front: true });
}

export function sectionPage(site, section) {
  const stories = site.stories.filter((it) => it.section === section);
  const main = `<div class="column"><h1 class="section">${escape(section)}</h1>
${stories.map((it) => teaser(site, it, { kind: 'listed' })).join('\n')}</div>`;
  const description = `${section} in ${PAPER}.`;
  return page(site, { title: section, canonical: `${site.url}${sectionPath(section)}`, section, description, main });
}

const ALERTS = `<rostra-alerts topics="breaking" service-worker="/alerts/rostra-sw.js" heading="Breaking news on your screen" often="A few alerts a week at the most."></rostra-alerts>`;

/** Puts the request for alerts after the first paragraphs, when the reader has begun the story. */
const withAlerts = (body) => {
  const [, opening = '', rest = body] = /^((?:[^]*?<\/p>){2})([^]*)$/.exec(body) ?? [];
  return `${opening}\n${ALERTS}${rest}`;
};

export function storyPage(site, story, body) {
  const at = site.stories.indexOf(story);
  const more = [1, 2, 3].map((step) => site.stories[(at + step) % site.stories.length]);
  const main = `<article class="story">
<header>
<p class="kicker"><a href="${sectionPath(story.section)}">${escape(story.section)}</a></p>
<h1>${escape(story.title)}</h1>
<p class="stand">${escape(story.standfirst)}</p>
<p class="by"><span>By ${escape(story.byline)}</span>${published(story)}<a href="#talk">${countOf(site, story)}<span class="join">Join the conversation</span></a></p>
</header>
<figure>${picture(story, true)}<figcaption>${escape(story.caption)}</figcaption></figure>
<div class="body">
${withAlerts(body)}
</div>
<rostra-donate id="support"${story.key ? ` article="${escape(story.key)}"` : ''}></rostra-donate>
</article>
<section class="talk" id="talk" aria-label="Conversation"><rostra-comments ${story.key ? `article="${escape(story.key)}"` : ''}></rostra-comments>
<noscript><p>The conversation needs JavaScript; the story does not.</p></noscript></section>
<aside class="more" aria-labelledby="more"><h2 id="more">More from the Post</h2>
<div class="row three">${more.map((it) => teaser(site, it, { kind: 'third', level: 3 })).join('\n')}</div></aside>`;
  return page(site, {
    title: story.title,
    canonical: `${site.url}${pathOf(story)}`,
    section: story.section,
    description: story.standfirst,
    main,
  });
}

export function followingPage(site) {
  const main = `<div class="column"><h1 class="section">Following</h1>
<p class="stand">What the readers you follow write, and the answers they get.</p>
<rostra-following></rostra-following></div>`;
  const description = 'What the readers you follow write.';
  return page(site, { title: 'Following', canonical: `${site.url}/following`, description, main });
}

export function missingPage(site) {
  const main = `<div class="column"><h1 class="section">That page is not here</h1>
<p class="stand">It may have moved. <a href="/">The front page</a> has today's stories.</p></div>`;
  return page(site, { title: 'Not found', canonical: `${site.url}/`, description: 'Not found.', main });
}

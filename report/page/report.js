'use strict';
// Shows the posts of this page a hundred at a time. All text goes in through
// text nodes; nothing is ever parsed as HTML, and nothing is fetched.
(() => {
  const $ = id => document.getElementById(id);
  const about = JSON.parse($('about').textContent);
  const perPage = about.perPage;
  const strings = [], reasons = [], rows = [];
  for (const s of document.querySelectorAll('script.rows')) {
    const chunk = JSON.parse(s.textContent);
    for (const v of chunk.s) strings.push(v);
    for (const v of chunk.f) reasons.push(v);
    for (const v of chunk.r) rows.push(v);
    s.remove();
  }

  // The places of a row's and a reason's parts: see chunks.encode.
  const ISO = 0, WHEN = 1, YEAR = 2, PLATFORM = 3, KIND = 4, ACCOUNT = 5, AUDIENCE = 6, PLACE = 7,
    LINK = 8, TEXT = 9, ANSWERS = 10, NOTES = 11, FINDINGS = 12, JUDGE = 13;
  const SAYS = 1, FALLS = 2, UNDER = 3, BECAUSE = 4, SURE = 5, QUOTED = 6; // of a judge's opinion
  const ACTION = 0, STANDARDS = 1, THEME = 2, WHY = 3, ADVICE = 4;
  const str = v => typeof v === 'number' ? strings[v] : v;
  const reason = f => typeof f[0] === 'number' ? reasons[f[0]] : f[0];
  const badges = {remove: 'Remove', review: 'Review', none: 'None', judge: 'Judge only'};
  const commas = n => n.toLocaleString('en-GB');
  const posts = n => n === 1 ? '1 post' : commas(n) + ' posts';

  // ---- filtering
  const fields = ['action', 'standard', 'theme', 'year', 'platform', 'kind'];
  const chosen = {action: '', standard: '', theme: '', year: '', platform: '', kind: '', words: []};
  let found = rows, page = 0;

  // plain is text as the search compares it: no case, no accents.
  const plain = s => s.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase();
  let haystack = null;
  const searchable = () => haystack ||= rows.map(r => plain(
    r[TEXT] + '\n' + r[ANSWERS] + '\n' + str(r[ACCOUNT]) + '\n' + str(r[PLACE])));

  // serious is the gravest action among the findings that match, or ''.
  // It is 'judge' where nothing was found and only a judge flags the post.
  function serious(row, standard, theme) {
    let act = '';
    const j = row[JUDGE];
    if (!row[FINDINGS].length && j && (!standard || j[UNDER].includes(standard)) && (!theme || str(j[FALLS]) === theme)) return 'judge';
    for (const f of row[FINDINGS]) {
      const r = reason(f);
      if (standard && !r[STANDARDS].includes(standard) || theme && r[THEME] !== theme) continue;
      if (r[ACTION] === 'remove') return 'remove';
      act = r[ACTION];
    }
    return act;
  }

  function matches(row, i) {
    if (chosen.year && String(row[YEAR]) !== chosen.year) return false;
    if (chosen.platform && str(row[PLATFORM]) !== chosen.platform) return false;
    if (chosen.kind && str(row[KIND]) !== chosen.kind) return false;
    const act = serious(row, chosen.standard, chosen.theme);
    if (!act || chosen.action && act !== chosen.action) return false;
    return chosen.words.every(w => haystack[i].includes(w));
  }

  let removeCount = 0, judgeCount = 0;
  function filter() {
    if (chosen.words.length) searchable();
    found = rows.filter(matches);
    removeCount = judgeCount = 0;
    for (const r of found) {
      const act = serious(r, chosen.standard, chosen.theme);
      if (act === 'remove') removeCount++;
      if (act === 'judge') judgeCount++;
    }
    page = 0;
    show();
  }

  // ---- building the posts
  function el(tag, cls, ...children) {
    const e = document.createElement(tag);
    if (cls) e.className = cls;
    e.append(...children);
    return e;
  }
  const quiet = text => el('span', 'hidden', text);

  const safe = link => /^https?:\/\/[^\s]+$/.test(link) ? link : '';

  // union merges the spans [start, end, ...] of all findings.
  function union(findings) {
    if (findings.length === 1) return findings[0][2];
    const spans = [];
    for (const f of findings) for (let i = 0; i < f[2].length; i += 2) spans.push([f[2][i], f[2][i + 1]]);
    spans.sort((a, b) => a[0] - b[0]);
    const out = [];
    for (const [s, e] of spans) {
      if (out.length && s <= out[out.length - 1]) out[out.length - 1] = Math.max(out[out.length - 1], e);
      else out.push(s, e);
    }
    return out;
  }

  function marked(text, spans) {
    const out = [];
    let at = 0;
    for (let i = 0; i < spans.length; i += 2) {
      if (spans[i] > at) out.push(text.slice(at, spans[i]));
      out.push(el('mark', '', text.slice(spans[i], spans[i + 1])));
      at = spans[i + 1];
    }
    if (at < text.length) out.push(text.slice(at));
    return out;
  }

  // quotes are the words in spans, each once.
  function quotes(spans, text) {
    const words = new Set();
    for (let i = 0; i < spans.length; i += 2) words.add(text.slice(spans[i], spans[i + 1]));
    const said = el('dd', '');
    for (const w of words) {
      const q = el('q', '', w);
      q.dir = 'auto';
      if (said.firstChild) said.append(' ');
      said.append(q);
    }
    return said;
  }

  function finding(f, text, several) {
    const r = reason(f);
    const box = el('div', 'finding');
    const heading = el('h4', '', about.themes[r[THEME]] || r[THEME]);
    if (several) heading.append(' ', el('span', 'say', badges[r[ACTION]]));
    box.append(heading);
    box.append(...standards(r[STANDARDS]));
    const said = quotes(f[2], text);
    box.append(el('dl', '', el('dt', '', 'Words'), said, el('dt', '', 'Why'), el('dd', '', r[WHY]),
      el('dt', '', 'What to do'), el('dd', '', r[ADVICE]), el('dt', '', 'Confidence'), el('dd', '', str(f[1])), el('dt', '', 'Id'), el('dd', '', f[3])));
    return box;
  }

  function standards(numbers) {
    return numbers.map(num => {
      const [title, says] = about.standards[num] || ['', ''];
      return el('p', 'standard', el('b', '', title ? num + ' ' + title : num), says ? ' ' + says : '');
    });
  }

  function opinion(j, text) {
    const act = str(j[SAYS]), theme = str(j[FALLS]);
    const box = el('div', 'finding judge', el('h4', '', 'Second opinion of the judge ' + str(j[0]) + ' ',
      el('span', 'say', act === 'none' ? 'Leave it' : badges[act])));
    if (theme) box.append(el('p', 'standard', el('b', '', about.themes[theme] || theme)));
    box.append(...standards(j[UNDER]));
    const facts = el('dl', '');
    if (j[QUOTED].length) facts.append(el('dt', '', 'Words'), quotes(j[QUOTED], text));
    facts.append(el('dt', '', 'Why'), el('dd', '', j[BECAUSE]), el('dt', '', 'Confidence'), el('dd', '', str(j[SURE])));
    box.append(facts);
    return box;
  }

  function post(row, n) {
    const act = serious(row, '', '');
    const id = 'post-' + (n + 1);
    let when;
    if (row[ISO]) {
      when = el('time', '', row[WHEN]);
      when.dateTime = row[ISO];
    } else {
      when = el('span', '', row[WHEN]);
    }
    const heading = el('h3', '', el('span', 'badge', badges[act]), ' ', when);
    heading.id = id;
    const facts = [str(row[PLATFORM]) + ' ' + str(row[KIND]), str(row[ACCOUNT]), str(row[AUDIENCE]), str(row[PLACE])];
    const said = el('div', 'said');
    if (row[ANSWERS]) {
      const asked = el('span', '', row[ANSWERS]);
      asked.dir = 'auto';
      said.append(el('div', 'answers', el('b', '', 'In reply to'), ' ', asked));
    }
    const quote = el('blockquote', '', ...marked(row[TEXT], union(row[FINDINGS])));
    quote.dir = 'auto';
    said.append(quote);
    if (row[NOTES].length) said.append(el('ul', 'notes', ...row[NOTES].map(t => el('li', '', str(t)))));
    const link = safe(row[LINK]);
    if (link) {
      const a = el('a', '', 'Open the post on ' + str(row[PLATFORM]), quiet(' of ' + row[WHEN] + ' (new tab)'));
      a.href = link;
      a.target = '_blank';
      a.rel = 'noreferrer noopener';
      said.append(el('p', 'open', a));
    }
    const article = el('article', 'post ' + act,
      el('header', '', heading, el('ul', 'facts', ...facts.filter(Boolean).map(t => el('li', '', t)))),
      said, el('div', 'findings', ...row[FINDINGS].map((f, _, all) => finding(f, row[TEXT], all.length > 1)),
        ...(row[JUDGE] ? [opinion(row[JUDGE], row[TEXT])] : [])));
    article.setAttribute('aria-labelledby', id);
    return el('li', '', article);
  }

  // ---- showing
  const listBox = $('list'), count = $('count'), pager = $('pages'), chosenBox = $('chosen');

  function fill(from, to) {
    const all = document.createDocumentFragment();
    for (let i = from; i < to; i++) all.append(post(found[i], i));
    listBox.replaceChildren(all);
    listBox.start = from + 1;
  }

  function tally() {
    const review = found.length - removeCount - judgeCount;
    return commas(removeCount) + ' to remove, ' + commas(review) + ' to review' +
      (judgeCount ? ', ' + commas(judgeCount) + ' flagged by the judge only' : '');
  }

  function describe() {
    const parts = [];
    if (chosen.action) parts.push(badges[chosen.action].toLowerCase());
    if (chosen.standard) parts.push('standard ' + chosen.standard);
    if (chosen.theme) parts.push(about.themes[chosen.theme] || chosen.theme);
    if (chosen.year) parts.push(chosen.year === '0' ? 'no date' : chosen.year);
    if (chosen.platform) parts.push(chosen.platform);
    if (chosen.kind) parts.push(chosen.kind);
    if (chosen.words.length) parts.push('“' + chosen.words.join(' ') + '”');
    return parts.join(', ');
  }

  function show() {
    const last = Math.max(1, Math.ceil(found.length / perPage));
    const from = page * perPage, to = Math.min(found.length, from + perPage);
    fill(from, to);
    const only = describe();
    if (!found.length) {
      count.textContent = rows.length ? 'No post matches (' + only + ').' : 'This report lists no posts.';
    } else {
      const range = last > 1 ? 'Posts ' + commas(from + 1) + ' to ' + commas(to) + ' of ' + commas(found.length) : posts(found.length);
      count.textContent = range + (only ? ' matching ' + only : '') + ': ' + tally() + '.';
    }
    pager.hidden = last === 1;
    $('page').textContent = 'Page ' + commas(page + 1) + ' of ' + commas(last);
    // aria-disabled keeps the focus on a button that was just used.
    $('prev').setAttribute('aria-disabled', page === 0);
    $('next').setAttribute('aria-disabled', page === last - 1);
    $('clear').setAttribute('aria-disabled', !only);
    for (const b of document.querySelectorAll('.heat button')) b.setAttribute('aria-pressed', pressed(b));
    if (chosenBox) {
      chosenBox.hidden = !only;
      $('chosen-text').textContent = 'Showing ' + posts(found.length) + ': ' + only + '.';
    }
  }

  function turn(by) {
    const last = Math.max(1, Math.ceil(found.length / perPage));
    if (page + by < 0 || page + by >= last) return;
    page += by;
    show();
    $('posts').focus();
  }

  // ---- the filter form
  function options(select, all, counts, label) {
    select.append(new Option(all, ''));
    for (const [value, n] of counts) select.append(new Option(label(value) + ' (' + commas(n) + ')', value));
  }

  function tallies() {
    const t = {};
    for (const k of fields) t[k] = new Map();
    const add = (k, v) => t[k].set(v, (t[k].get(v) || 0) + 1);
    for (const row of rows) {
      add('action', serious(row, '', ''));
      add('year', String(row[YEAR]));
      add('platform', str(row[PLATFORM]));
      add('kind', str(row[KIND]));
      const numbers = new Set(), themes = new Set();
      for (const f of row[FINDINGS]) {
        const r = reason(f);
        themes.add(r[THEME]);
        for (const s of r[STANDARDS]) numbers.add(s);
      }
      if (!row[FINDINGS].length && row[JUDGE]) {
        themes.add(str(row[JUDGE][FALLS]));
        for (const s of row[JUDGE][UNDER]) numbers.add(s);
      }
      for (const s of numbers) add('standard', s);
      for (const s of themes) add('theme', s);
    }
    return t;
  }

  function byNumber([a], [b]) {
    return a.localeCompare(b, 'en', {numeric: true});
  }

  function form() {
    const t = tallies();
    const titled = (set, v) => {
      const title = Array.isArray(set[v]) ? set[v][0] : set[v];
      return title || '';
    };
    options($('f-action'), 'All actions', [...t.action].sort(byNumber), v => badges[v] || v);
    options($('f-standard'), 'All standards', [...t.standard].sort(byNumber), v => (v + ' ' + titled(about.standards, v)).trim());
    options($('f-theme'), 'All themes', [...t.theme].sort(byNumber), v => titled(about.themes, v) || v);
    options($('f-year'), 'All years', [...t.year].sort(byNumber).reverse(), v => v === '0' ? 'No date' : v);
    options($('f-platform'), 'All platforms', [...t.platform].sort(byNumber), v => v);
    options($('f-kind'), 'All kinds', [...t.kind].sort(byNumber), v => v);
    for (const k of fields) {
      $('f-' + k).addEventListener('change', e => {
        chosen[k] = e.target.value;
        filter();
      });
    }
    let wait = 0;
    const search = () => {
      clearTimeout(wait);
      const words = plain($('q').value).split(/\s+/).filter(Boolean);
      if (words.join(' ') === chosen.words.join(' ')) return;
      chosen.words = words;
      filter();
    };
    $('q').addEventListener('input', () => {
      clearTimeout(wait);
      wait = setTimeout(search, 150);
    });
    $('filter').addEventListener('submit', e => {
      e.preventDefault();
      search();
    });
    $('clear').addEventListener('click', () => {
      for (const k of fields) choose(k, '');
      $('q').value = '';
      chosen.words = [];
      filter();
    });
    $('filter').hidden = rows.length === 0;
  }

  function choose(field, value) {
    chosen[field] = value;
    $('f-' + field).value = value;
  }

  // ---- the heat map
  // pressed: the button's year and standard are exactly the chosen ones.
  const pressed = b => (b.dataset.year || '') === chosen.year && (b.dataset.standard || '') === chosen.standard;

  function heat() {
    for (const cell of document.querySelectorAll('.heat [data-year], .heat [data-standard]')) {
      const b = el('button', '', ...cell.childNodes);
      b.type = 'button';
      Object.assign(b.dataset, cell.dataset);
      cell.append(b);
      b.addEventListener('click', () => {
        const off = pressed(b);
        choose('year', off ? '' : b.dataset.year || '');
        choose('standard', off ? '' : b.dataset.standard || '');
        filter();
      });
    }
  }

  // ---- paper has no pages to turn: print every post of the filter
  addEventListener('beforeprint', () => {
    for (const d of document.querySelectorAll('details')) d.open = true;
    fill(0, found.length);
  });
  addEventListener('afterprint', show);

  $('prev').addEventListener('click', () => turn(-1));
  $('next').addEventListener('click', () => turn(1));
  document.documentElement.classList.add('live');
  form();
  heat();
  const flagged = rows.filter(r => r[FINDINGS].length).length;
  if (flagged !== about.flagged && rows.length) {
    $('only').hidden = false;
    $('only').textContent = 'This report was written with a filter: it lists ' + commas(flagged) + ' of ' + commas(about.flagged) + ' flagged posts.';
  }
  filter();
})();

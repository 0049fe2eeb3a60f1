'use strict';
// The page works without this. It adds keys, dropping files, live progress,
// and what another tab decided. Text goes in through text nodes only.
(() => {
  const $ = id => document.getElementById(id);
  const root = document.documentElement, body = document.body;
  root.classList.add('live');
  const commas = n => n.toLocaleString('en-GB');
  const say = (id, text) => { const e = $(id); if (e && e.textContent !== text) e.textContent = text; };

  // A live region speaks of what changes in it, not of what it began with.
  const flash = $('flash');
  if (flash && flash.textContent) {
    const text = flash.textContent;
    flash.textContent = '';
    setTimeout(() => { flash.textContent = text; }, 50);
  }

  // ---- single keys, which can be switched off for those who dictate
  const kept = 'lookback-keys';
  const on = $('keys-on');
  let keys = true;
  try { keys = localStorage.getItem(kept) !== 'off'; } catch { /* storage is off */ }
  const showKeys = () => body.classList.toggle('keyless', !keys);
  if (on) {
    on.checked = keys;
    on.addEventListener('change', () => {
      keys = on.checked;
      try { localStorage.setItem(kept, keys ? 'on' : 'off'); } catch { /* for this page only */ }
      showKeys();
    });
  }
  showKeys();
  const typing = e => e.closest('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable]');

  function press(key) {
    if (key === '?') {
      const help = $('keys');
      help.open = true;
      help.querySelector('summary').focus();
      return true;
    }
    const reason = $('reason');
    if (key === 'k' && reason && !reason.value.trim()) {
      reason.focus();
      say('flash', 'Why keep it? A few words, then Enter.');
      return true;
    }
    const e = document.querySelector('[data-key="' + CSS.escape(key) + '"]');
    if (e) {
      if (e.matches('input[type="checkbox"]')) {
        e.click();
        say('flash', e.checked ? 'For all posts with the same words.' : 'Only for this post.');
      } else if (e.matches('input')) {
        e.focus();
      } else {
        e.click();
      }
      return true;
    }
    if (key === 'u') { $('undo').requestSubmit(); return true; }
    if (key === '/') { location.assign('/posts#words'); return true; }
    return false;
  }
  addEventListener('keydown', e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.repeat) return;
    if (e.key === 'Escape' && typing(e.target)) { e.target.blur(); return; }
    if (!keys || typing(e.target)) return;
    const key = e.key.toLowerCase();
    if (key.length === 1 && press(key)) e.preventDefault();
  });
  if (location.hash === '#words' && $('words')) $('words').focus();

  // A decision goes out once, however often a key is hit.
  const decide = document.querySelector('form.decide');
  if (decide) {
    let sent = false;
    decide.addEventListener('submit', e => {
      if (sent) e.preventDefault();
      sent = true;
    });
    addEventListener('pageshow', () => { sent = false; });
    const group = $('group');
    const buttons = [...decide.querySelectorAll('.choices button')];
    const labels = buttons.map(b => b.firstChild.textContent);
    const all = group && group.closest('label').textContent.match(/[\d,]+/);
    const showGroup = () => buttons.forEach((b, i) => {
      b.firstChild.textContent = labels[i] + (all && group.checked ? ' (' + all[0] + ')' : '');
    });
    if (all) { group.addEventListener('change', showGroup); showGroup(); }
  }

  // ---- filters apply when they are chosen
  const filter = $('filter');
  if (filter) filter.addEventListener('change', () => filter.requestSubmit());

  // ---- uploads
  const form = $('upload');
  if (form) {
    const input = $('files');
    const names = () => {
      const n = input.files.length;
      say('chosen-files', n === 0 ? '' : n === 1 ? input.files[0].name + ' is chosen.' : commas(n) + ' files are chosen.');
    };
    input.addEventListener('change', names);
    const files = e => e.dataTransfer && [...e.dataTransfer.types].includes('Files');
    for (const type of ['dragenter', 'dragover']) {
      addEventListener(type, e => { if (files(e)) { e.preventDefault(); body.classList.add('dragged'); } });
    }
    addEventListener('dragleave', e => { if (!e.relatedTarget) body.classList.remove('dragged'); });
    addEventListener('drop', e => {
      if (!files(e)) return;
      e.preventDefault();
      body.classList.remove('dragged');
      if (!e.dataTransfer.files.length) return;
      input.files = e.dataTransfer.files;
      names();
      form.requestSubmit();
    });
    form.addEventListener('submit', e => {
      e.preventDefault();
      const button = form.querySelector('button');
      if (button.disabled) return;
      const room = Number(form.dataset.room);
      if (room && [...input.files].reduce((n, f) => n + f.size, 0) > room) {
        say('chosen-files', 'There is not enough free space for a copy of these files. Free some, or read them without a copy: lookback audit ARCHIVE.');
        return;
      }
      button.disabled = true;
      const ask = new XMLHttpRequest();
      ask.open('POST', form.action);
      ask.setRequestHeader('Accept', 'text/plain');
      ask.upload.addEventListener('progress', p => {
        if (p.lengthComputable) say('chosen-files', 'Copying: ' + Math.floor(100 * p.loaded / p.total) + ' %');
      });
      const failed = text => { say('chosen-files', text); button.disabled = false; };
      ask.addEventListener('load', () => {
        if (ask.status < 400) location.assign('/import');
        else failed(ask.responseText);
      });
      ask.addEventListener('error', () => failed('The files did not come through. Is lookback still running?'));
      ask.send(new FormData(form));
    });
  }

  // ---- what is decided in other tabs, and how far reading is
  let version = Number(body.dataset.version), source = null, heard = '';
  function hear(n) {
    version = n.version;
    if (n.total) {
      say('left', commas(n.total - n.decided) + ' left of ' + commas(n.total));
      $('bar').max = n.total;
      $('bar').value = n.decided;
      const done = $('done-text');
      if (done && !done.textContent.startsWith(commas(n.decided) + ' of')) done.textContent = commas(n.decided) + ' of ' + commas(n.total) + ' decided';
    }
    for (const p of n.posts) {
      for (const e of document.querySelectorAll('[data-post="' + p.id + '"]')) {
        e.textContent = p.label;
        e.dataset.choice = p.choice;
      }
      if (decide && decide.action.endsWith('/post/' + p.id)) say('flash', 'Decided in another window: ' + p.label + '.');
    }
    if (n.stale && !(n.import && n.import.running)) $('stale').hidden = false;
    const section = $('import');
    if (section && n.import) importing(section, n.import);
  }
  function importing(section, f) {
    if (!f.running) {
      if (section.dataset.running === 'true') location.replace('/import');
      return;
    }
    section.dataset.running = 'true';
    $('state').hidden = false;
    const percent = f.percent < 0 ? '' : ' ' + f.percent + ' %';
    say('stage', f.stage + percent);
    const share = $('share');
    if (f.percent < 0) share.removeAttribute('value');
    else share.value = f.percent;
    // Spoken in quarters: more would be noise.
    const quarter = f.stage + (f.percent < 0 ? '' : ', ' + (f.percent - f.percent % 25) + ' %');
    if (quarter !== heard) say('heard', heard = quarter);
  }
  function listen() {
    if (source || !body.dataset.version) return;
    source = new EventSource('/events?version=' + version);
    source.addEventListener('message', e => hear(JSON.parse(e.data)));
  }
  function deaf() {
    if (source) source.close();
    source = null;
  }
  // Browsers open few connections to one place: a tab in the background keeps none.
  document.addEventListener('visibilitychange', () => document.hidden ? deaf() : listen());
  addEventListener('pagehide', deaf);
  addEventListener('pageshow', () => { if (!document.hidden) listen(); });
})();

import { css } from 'lit';

/** The room of alerts: the form or the report in the middle, and beside it how the notification looks. */
export const alertStyles = css`
  .alerts .write {
    margin-inline-start: auto;
    font: 600 14px/1.5 var(--ui);
    color: var(--accent);
    text-decoration: none;
    white-space: nowrap;
  }
  .alerts .write:hover {
    text-decoration: underline;
    text-underline-offset: 3px;
  }
  .alerts small b {
    font-weight: 600;
    color: var(--ink-2);
  }
  .alerts small b.sending {
    color: var(--accent);
  }
  .alerts small b.sent {
    color: var(--good);
  }
  .alerts small b.draft,
  .alerts small b.cancelled {
    color: var(--warn);
  }
  .alerts .excerpt {
    margin-block-end: 2px;
  }
  .became {
    display: block;
    font-size: 13px;
    color: var(--ink-3);
    font-variant-numeric: tabular-nums;
  }
  .gauge {
    display: block;
    block-size: 4px;
    border-radius: 2px;
    background: var(--paper-3);
    overflow: hidden;
  }
  .item .gauge {
    margin-block-start: 7px;
  }
  .gauge i {
    display: block;
    block-size: 100%;
    background: var(--accent);
  }
  @media (prefers-reduced-motion: no-preference) {
    .gauge i {
      transition: inline-size 0.3s;
    }
  }

  .one.alert:focus {
    outline: none;
    border-radius: 0;
  }
  .one > header .kept {
    margin-inline-start: auto;
    font-size: 13px;
    color: var(--ink-3);
    white-space: nowrap;
  }

  .compose {
    display: grid;
    gap: 14px;
    max-inline-size: 620px;
  }
  .compose .field,
  .compose fieldset {
    display: grid;
    gap: 5px;
    min-inline-size: 0;
  }
  .compose label[for],
  .compose legend {
    font: 600 14px/1.4 var(--ui);
    color: var(--ink-2);
    padding: 0;
  }
  .compose fieldset {
    border: 0;
    margin: 0;
    padding: 0;
  }
  .compose legend {
    margin-block-end: 6px;
  }
  .compose :is(input:not([type='radio']), textarea, select) {
    inline-size: 100%;
  }
  .compose select {
    inline-size: auto;
    min-inline-size: 12em;
    justify-self: start;
  }
  .compose .headline {
    font: 700 18px/1.4 var(--read);
  }
  .compose textarea {
    font: 17px/1.5 var(--read);
    resize: vertical;
    field-sizing: content;
    min-block-size: 5.2em;
    max-block-size: 16em;
  }
  .compose p {
    margin: 0;
    font-size: 13px;
    line-height: 1.4;
    color: var(--ink-3);
  }
  .compose p:empty {
    display: none;
  }
  .compose .fault {
    color: var(--accent);
  }
  .compose > .fault {
    font-size: 14px;
  }
  .choice {
    display: flex;
    gap: 9px;
    align-items: baseline;
    padding-block: 2px;
    cursor: pointer;
  }
  .choice input {
    inline-size: 16px;
    block-size: 16px;
    margin: 0;
    flex: none;
    transform: translateY(2px);
  }
  .choice small {
    font-size: 13px;
    color: var(--ink-3);
    margin-inline-start: 8px;
  }
  .size {
    display: grid;
    grid-template-columns: 90px auto;
    gap: 4px 10px;
    align-items: center;
    justify-content: start;
    margin-block-start: -6px;
    font-size: 13px;
    color: var(--ink-3);
    font-variant-numeric: tabular-nums;
  }
  .size .gauge i {
    background: var(--ink-3);
  }
  .size.over {
    color: var(--accent);
  }
  .size.over .gauge i {
    background: var(--accent);
  }
  .size p {
    grid-column: 1 / -1;
  }

  .alert .focus b {
    font-weight: 700;
    overflow-wrap: anywhere;
  }
  .alert .focus .prose {
    font-size: 17px;
  }
  .lead {
    font: 700 17px/1.4 var(--ui);
    margin: 20px 0 4px;
    font-variant-numeric: tabular-nums;
  }
  .more {
    margin: 0;
    font-size: 14px;
    color: var(--ink-2);
  }
  .body > .gauge {
    block-size: 6px;
    max-inline-size: 460px;
    margin-block: 10px 4px;
  }
  .figures,
  .facts {
    display: grid;
    gap: 6px 20px;
    margin: 18px 0 0;
    font-size: 15px;
  }
  .figures {
    grid-template-columns: minmax(0, 1fr) auto;
    max-inline-size: 460px;
  }
  .figures dd {
    margin: 0;
    text-align: end;
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }
  .figures .none {
    color: var(--ink-3);
    font-weight: 400;
  }
  .figures .failed,
  .figures .expired {
    color: var(--warn);
  }
  .figures dt.targeted,
  .figures dd.targeted {
    border-block-start: 1px solid var(--line);
    margin-inline-end: -20px;
    padding-block-start: 6px;
  }
  .figures dd.targeted {
    margin-inline-end: 0;
  }
  .facts {
    grid-template-columns: max-content minmax(0, 1fr);
    border-block-start: 1px solid var(--line);
    padding-block-start: 16px;
    margin-block-start: 24px;
    font-size: 14px;
    color: var(--ink-3);
  }
  .facts dd {
    margin: 0;
    color: var(--ink);
    overflow-wrap: anywhere;
  }

  .looks h3 {
    font: 600 13px/1.5 var(--ui);
    color: var(--ink-3);
    margin: 0 0 8px;
  }
  .looks p {
    font-size: 13px;
    color: var(--ink-3);
  }
  .toast {
    display: grid;
    grid-template-columns: 34px minmax(0, 1fr);
    gap: 2px 11px;
    margin-block-end: 20px;
    padding: 12px 14px;
    background: var(--paper);
    border: 1px solid var(--line);
    border-radius: 10px;
    box-shadow: 0 2px 10px rgb(0 0 0 / 7%);
    font: 14px/1.4 var(--ui);
    overflow-wrap: anywhere;
  }
  .toast i {
    grid-row: 1 / 4;
    display: grid;
    place-items: center;
    block-size: 34px;
    border-radius: 7px;
    background: var(--paper-3);
    color: var(--ink-2);
    font: 700 17px var(--read);
  }
  .toast b {
    font-weight: 600;
  }
  .toast span {
    color: var(--ink-2);
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 4;
    overflow: hidden;
  }
  .toast small {
    font-size: 12px;
    color: var(--ink-3);
  }
  .toast .blank {
    color: var(--ink-3);
    font-weight: 400;
  }
  .toast.phone {
    border-radius: 18px;
    max-inline-size: 320px;
  }
  .toast.phone b {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .toast.phone span {
    -webkit-line-clamp: 2;
  }
  .toast.phone small {
    order: -1;
    grid-column: 2;
  }

  .foot .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .foot .bar.held {
    margin-block-end: 12px;
  }
  .foot .bar button {
    white-space: normal;
  }
  .foot .end {
    margin-inline-start: auto;
    color: var(--ink-3);
  }
  .foot .hold {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    inline-size: 100%;
  }
  .foot .said {
    font-size: 14px;
    color: var(--ink-3);
  }
  .foot button[aria-disabled='true'] {
    opacity: 0.55;
    cursor: default;
  }

  @media (min-width: 1161px) {
    .one.alert:not(.bare) {
      grid-template-columns: minmax(0, 1fr) 300px;
    }
  }
  @media (max-width: 1160px) {
    .one aside.looks {
      padding: 20px 24px;
    }
    .looks .toast {
      max-inline-size: 360px;
    }
  }
  @media (max-width: 760px) {
    .one > header .kept {
      white-space: normal;
      text-align: end;
    }
    .choice small {
      display: block;
      margin: 0;
    }
    .one aside.looks {
      padding-inline: 16px;
    }
  }
  @media (hover: none) {
    .foot kbd,
    .alerts kbd {
      display: none;
    }
    .foot .bar button:not(.quiet) {
      min-block-size: 46px;
    }
    .foot .bar .quiet {
      min-block-size: 40px;
    }
  }
`;

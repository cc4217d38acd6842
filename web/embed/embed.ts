// The one script a publisher's page loads: `<script type="module" src="ROSTRA/embed.js"></script>`.
export {};

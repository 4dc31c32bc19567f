// Draws every <figure data-chart="ID"> from the JSON block of that id: an ECharts option, in the colours of the page.
"use strict";

(() => {
  const probe = document.createElement("span");

  // The value of a colour of app.css as the page shows it now, light or dark.
  function colour(name) {
    probe.className = `c-${name}`;
    return getComputedStyle(probe).color;
  }

  // What all charts share. Tooltips are drawn on the canvas: the policy of our pages lets no script write styles into HTML.
  function theme() {
    const soft = colour("soft"), line = colour("line"), ink = colour("ink");
    const axis = { axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: soft }, nameTextStyle: { color: soft }, splitLine: { lineStyle: { color: line } } };
    return {
      color: [1, 2, 3, 4, 5, 6, 7, 8].map((number) => colour(`series-${number}`)),
      textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
      title: { textStyle: { color: ink } },
      legend: { textStyle: { color: soft }, inactiveColor: line, pageTextStyle: { color: soft } },
      tooltip: { renderMode: "richText", backgroundColor: colour("paper"), borderColor: line, textStyle: { color: ink } },
      categoryAxis: axis, valueAxis: axis, timeAxis: axis, logAxis: axis,
      visualMap: { textStyle: { color: soft } },
    };
  }

  function draw(figure) {
    const data = document.getElementById(figure.dataset.chart);
    const option = JSON.parse(data.textContent);
    const chart = echarts.init(figure, theme(), { renderer: "canvas" });
    option.tooltip = Object.assign({ renderMode: "richText" }, option.tooltip);
    option.animation = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.setOption(option);
    // a point of a series may say where it leads
    chart.on("click", (point) => { if (point.data && point.data.href) location.assign(point.data.href); });
    new ResizeObserver(() => chart.resize()).observe(figure);
    return chart;
  }

  function all() {
    document.body.append(probe);
    probe.hidden = true;
    const figures = [...document.querySelectorAll("[data-chart]")];
    let charts = figures.map(draw);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      charts.forEach((chart) => chart.dispose());
      charts = figures.map(draw);
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all); else all();
})();

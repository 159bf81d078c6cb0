/* chart.ts - a drawing of the table that stands under it; the table remains, and is what is read aloud.
 * <figure data-island="chart" data-kind="bar|line|stack" data-unit="项"><figcaption>…<table>…</figure> */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, use, type EChartsCoreOption } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { make } from './dom'
import { seriesOf, type Series } from './series'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

function text(cell: Element | undefined): string {
  return (cell?.textContent ?? '').replace(/\s+/g, ' ').trim()
}

function read(table: HTMLTableElement): Series {
  const head = [...(table.tHead?.rows[0]?.cells ?? [])]
  const rows = [...(table.tBodies[0]?.rows ?? [])].filter((row) => !row.matches('.sum, .grp'))
  return seriesOf(
    head.map(text),
    rows.map((row) => [...row.cells].map(text)),
    head.map((cell) => cell.classList.contains('num'))
  )
}

/* Colours are the page's own tokens, so that night and print follow. */
function option(series: Series, kind: string, unit: string): EChartsCoreOption {
  const style = getComputedStyle(document.documentElement)
  const ink = (name: string) => style.getPropertyValue(`--${name}`).trim()
  const axis = {
    axisLine: { lineStyle: { color: ink('edge') } },
    axisLabel: { color: ink('ink-2') },
    splitLine: { lineStyle: { color: ink('line') } }
  }
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    color: [ink('act'), ink('amber'), ink('green'), ink('visited'), ink('ink-3')],
    grid: {
      left: 8,
      right: 16,
      top: series.lines.length > 1 ? 36 : 16,
      bottom: 8,
      containLabel: true
    },
    legend: series.lines.length > 1 ? { top: 0, textStyle: { color: ink('ink-2') } } : undefined,
    tooltip: {
      trigger: 'axis',
      valueFormatter: (value: unknown) => `${value ?? '—'}${unit}`,
      backgroundColor: ink('paper'),
      borderColor: ink('edge'),
      textStyle: { color: ink('ink') }
    },
    xAxis: { type: 'category', data: series.names, ...axis, splitLine: { show: false } },
    yAxis: { type: 'value', ...axis },
    series: series.lines.map((line) => ({
      type: kind === 'line' ? 'line' : 'bar',
      name: line.name,
      data: line.values,
      barMaxWidth: 28,
      ...(kind === 'stack' ? { stack: 'all' } : {})
    }))
  }
}

export function start(figure: HTMLElement): void {
  const table = figure.querySelector('table'),
    series = table ? read(table) : undefined
  if (!table || !series || series.names.length < 2 || series.lines.length === 0) return
  const place = make('div', { class: 'plot', 'aria-hidden': 'true' })
  table.before(place)
  const chart = init(place)
  const draw = () =>
    chart.setOption(
      option(series, figure.dataset['kind'] ?? 'bar', figure.dataset['unit'] ?? ''),
      true
    )
  draw()
  new ResizeObserver(() => chart.resize()).observe(place)
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
}

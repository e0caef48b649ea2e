/**
 * Figures of a lesson: heatmaps in colour, laid over pictures, in grids and galleries, charts and
 * tables. Every figure is a {@link camlab.picture.Picture} or an XChart chart.
 */
package camlab.figure;

/** Classifiers as graphs of named layers: their plans, weights, classes and predictions. */
package camlab.network;

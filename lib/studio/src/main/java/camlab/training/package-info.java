/** How the shipped pictures and networks were made: drawing, training, scoring. */
package camlab.training;

/** For programs written with DJL: its models, translators, images and predictors. */
package camlab.djl;

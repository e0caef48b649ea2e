/** Class activation maps: one class per method, each as short as its formula. */
package camlab.cam;

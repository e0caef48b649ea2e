package camlab.evaluation;

import camlab.cam.CamMethod;
import camlab.capture.Target;
import camlab.network.Meaning;

/** Which number of a class a map explains. Tables that do not say it cannot be compared. */
public enum Explained {
  /** What the network puts out for the class, before softmax or sigmoid: the usual one. */
  LOGIT {
    @Override
    public Target of(int classIndex) {
      return Target.of(classIndex);
    }
  },

  /** What follows from it: the probability of the class. */
  PROBABILITY {
    @Override
    public Target of(int classIndex) {
      return Target.of(classIndex).probability();
    }
  },

  /**
   * The logit plus the logarithm of its softmax. Source: the score called ReST in the code of H.
   * Cai, "CAMs as Shapley Value-based Explainers", 2025.
   */
  LOGIT_AND_LOG_SOFTMAX {
    @Override
    public Target of(int classIndex) {
      return Target.score(
          "logit and log softmax of class " + classIndex,
          logits ->
              logits
                  .get(classIndex)
                  .add(Meaning.ONE_OF_SEVERAL.logProbabilities(logits).get(classIndex)));
    }
  };

  /**
   * {@return the score of a class}
   *
   * @param classIndex the class, from 0
   */
  public abstract Target of(int classIndex);

  /**
   * {@return a method that explains this number whenever it is asked for a class}
   *
   * @param method a method
   */
  public CamMethod by(CamMethod method) {
    return this == LOGIT ? method : new ScoredMethod(method, this);
  }
}

package camlab.network.torchscript;

import java.util.Map;

/**
 * Attention in steps that have a derivative, for programs that have it in one piece. Without a mask
 * only, as pictures have none.
 *
 * <p>softmax(Q Kᵀ / √d) V for each head, then the projection. Source: A. Vaswani et al., "Attention
 * Is All You Need", NeurIPS 2017, section 3.2; the arguments are those of PyTorch's {@code
 * native_functions.yaml}.
 */
final class AttentionCode {

  /** Where the functions are, inside the file's own folder. */
  static final String FILE = "/code/__torch__/camlab_attention.py";

  /** What to call instead of an operation. */
  static final Map<String, String> PARTS =
      Map.of(
          "torch._native_multi_head_attention", "__torch__.camlab_attention.multi_head",
          "torch._transformer_encoder_layer_fwd", "__torch__.camlab_attention.encoder_layer");

  /** The functions, in the form PyTorch writes. */
  static final String TEXT =
      """
      def heads(x: Tensor,
          weight: Tensor,
          bias: Tensor,
          count: int) -> Tensor:
        projected = torch.linear(x, weight, bias)
        split = torch.reshape(projected, [torch.size(x, 0), torch.size(x, 1), count, -1])
        return torch.transpose(split, 1, 2)
      def multi_head(query: Tensor,
          key: Tensor,
          value: Tensor,
          embed_dim: int,
          num_heads: int,
          qkv_weight: Tensor,
          qkv_bias: Tensor,
          proj_weight: Tensor,
          proj_bias: Tensor,
          mask: Optional[Tensor]=None,
          need_weights: bool=True,
          average_attn_weights: bool=True,
          mask_type: Optional[int]=None) -> Tuple[Tensor, Tensor]:
        two = torch.mul(embed_dim, 2)
        three = torch.mul(embed_dim, 3)
        q = __torch__.camlab_attention.heads(query, torch.slice(qkv_weight, 0, 0, embed_dim), torch.slice(qkv_bias, 0, 0, embed_dim), num_heads, )
        k = __torch__.camlab_attention.heads(key, torch.slice(qkv_weight, 0, embed_dim, two), torch.slice(qkv_bias, 0, embed_dim, two), num_heads, )
        v = __torch__.camlab_attention.heads(value, torch.slice(qkv_weight, 0, two, three), torch.slice(qkv_bias, 0, two, three), num_heads, )
        scores = torch.matmul(q, torch.transpose(k, -2, -1))
        scaled = torch.div(scores, torch.sqrt(torch.div(embed_dim, num_heads)))
        shares = torch.softmax(scaled, -1)
        joined = torch.flatten(torch.transpose(torch.matmul(shares, v), 1, 2), 2)
        output = torch.linear(joined, proj_weight, proj_bias)
        if average_attn_weights:
          weights = torch.mean(shares, [1])
        else:
          weights = shares
        return (output, weights)
      def encoder_layer(src: Tensor,
          embed_dim: int,
          num_heads: int,
          qkv_weight: Tensor,
          qkv_bias: Tensor,
          proj_weight: Tensor,
          proj_bias: Tensor,
          use_gelu: bool,
          norm_first: bool,
          eps: float,
          norm_weight_1: Tensor,
          norm_bias_1: Tensor,
          norm_weight_2: Tensor,
          norm_bias_2: Tensor,
          ffn_weight_1: Tensor,
          ffn_bias_1: Tensor,
          ffn_weight_2: Tensor,
          ffn_bias_2: Tensor,
          mask: Optional[Tensor]=None,
          mask_type: Optional[int]=None) -> Tensor:
        if norm_first:
          x = torch.layer_norm(src, [embed_dim], norm_weight_1, norm_bias_1, eps)
        else:
          x = src
        attended, _0 = __torch__.camlab_attention.multi_head(x, x, x, embed_dim, num_heads, qkv_weight, qkv_bias, proj_weight, proj_bias, )
        first = torch.add(src, attended)
        if norm_first:
          y = first
          z = torch.layer_norm(first, [embed_dim], norm_weight_2, norm_bias_2, eps)
        else:
          y = torch.layer_norm(first, [embed_dim], norm_weight_1, norm_bias_1, eps)
          z = y
        hidden = torch.linear(z, ffn_weight_1, ffn_bias_1)
        if use_gelu:
          active = torch.gelu(hidden)
        else:
          active = torch.relu(hidden)
        second = torch.add(y, torch.linear(active, ffn_weight_2, ffn_bias_2))
        if norm_first:
          result = second
        else:
          result = torch.layer_norm(second, [embed_dim], norm_weight_2, norm_bias_2, eps)
        return result
      """;

  private AttentionCode() {}
}

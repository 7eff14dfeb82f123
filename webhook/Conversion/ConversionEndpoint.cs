using CanaryFunctions.Core.Conversion;
using CanaryFunctions.Webhook.Admission;
using CanaryFunctions.Webhook.Metrics;
using Microsoft.AspNetCore.Http.Features;

namespace CanaryFunctions.Webhook.Conversion;

/// <summary><c>/convert</c>: decode, convert each object, encode. One object that cannot be converted fails the review, as the API server expects.</summary>
internal sealed class ConversionEndpoint(ILogger<ConversionEndpoint> logger)
{
    /// <summary>Largest body. An API server may send all objects of a list at once.</summary>
    public const int MaxBody = 32 * 1024 * 1024;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost("/convert", AnswerAsync);

    private async Task AnswerAsync(HttpContext http)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxBody;
        using var body = await RequestBody.ReadAsync(http, MaxBody, logger);
        if (body is null)
        {
            return;
        }

        if (!ConversionReview.TryRead(body.Bytes, out var review, out var problem))
        {
            await RequestBody.RefuseAsync(http, StatusCodes.Status400BadRequest, problem, logger);
            return;
        }

        await RequestBody.AnswerAsync(http, Convert(http, review));
    }

    // The API server waits for an answer about exactly this review, whatever happens here.
    private byte[] Convert(HttpContext http, ConversionReview review)
    {
        Verdicts.Set(http, Verdicts.Failed);
        try
        {
            var answer = review.Success(review.Objects.Select(o => ObjectConversion.Convert(o, review.DesiredVersion)));
            Verdicts.Set(http, Verdicts.Converted);
            return answer;
        }
        catch (ConversionException e)
        {
            logger.NotConverted(review.DesiredVersion, e.Message);
            return review.Failure(e.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            logger.ConversionFailed(e, review.DesiredVersion);
            return review.Failure($"the conversion to {review.DesiredVersion} failed; the webhook's log says why.");
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Clew.Server.Tests;

/// <summary>A gRPC call with one request over bare HTTP/2.</summary>
internal sealed class GrpcCall
{
    public static byte[] Frame(byte[] message, bool isCompressed = false)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    public static Task<Answer> SendAsync(HttpClient client, Uri address, string method, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(client, address, method, body, CancellationToken.None, headers);

    public static async Task<Answer> SendAsync(
        HttpClient client, Uri address, string method, byte[] body, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        using var request = Request(address, method, body, headers);
        using var response = await client.SendAsync(request, cancellation);
        var content = await response.Content.ReadAsByteArrayAsync(cancellation);
        return new Answer(response.StatusCode, response.Content.Headers.ContentType?.ToString() ?? "", content, Read(response.Headers), Read(response.TrailingHeaders));
    }

    /// <summary>Sends a request and reads no more than the head of the answer.</summary>
    public static async Task<HttpResponseMessage> BeginAsync(HttpClient client, Uri address, string method, byte[] body)
    {
        using var request = Request(address, method, body, []);
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    static HttpRequestMessage Request(Uri address, string method, byte[] body, (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, method))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        foreach (var (name, value) in headers)
        {
            if (name == "content-type")
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            else
                request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    static Dictionary<string, string> Read(HttpResponseHeaders headers) =>
        headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase);

    internal sealed record Answer(HttpStatusCode HttpStatus, string ContentType, byte[] Body, Dictionary<string, string> Headers, Dictionary<string, string> Trailers)
    {
        /// <summary>Whether the status came with the head of the answer.</summary>
        public bool IsTrailersOnly => Headers.ContainsKey("grpc-status");

        public int Status => int.Parse((IsTrailersOnly ? Headers : Trailers)["grpc-status"], CultureInfo.InvariantCulture);

        public string Message => Uri.UnescapeDataString((IsTrailersOnly ? Headers : Trailers).GetValueOrDefault("grpc-message", ""));

        /// <summary>The one message of the body, without its header.</summary>
        public byte[] Payload
        {
            get
            {
                Assert.Equal(0, Body[0]);
                Assert.Equal(Body.Length - 5, (int)BinaryPrimitives.ReadUInt32BigEndian(Body.AsSpan(1)));
                return Body[5..];
            }
        }

        /// <summary>The messages of the body, without their headers.</summary>
        public IReadOnlyList<byte[]> Payloads
        {
            get
            {
                var payloads = new List<byte[]>();
                for (var at = 0; at < Body.Length; at += 5 + payloads[^1].Length)
                {
                    Assert.Equal(0, Body[at]);
                    payloads.Add(Body.AsSpan(at + 5, (int)BinaryPrimitives.ReadUInt32BigEndian(Body.AsSpan(at + 1))).ToArray());
                }

                return payloads;
            }
        }

        /// <summary>The seconds of <c>google.rpc.RetryInfo</c> in the details; null when there is none.</summary>
        public double? RetrySeconds
        {
            get
            {
                if (!Headers.TryGetValue("grpc-status-details-bin", out var text))
                    return null;
                var status = Otlp.Parse(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
                Assert.Equal((ulong)Status, status[1]);
                Assert.Equal(Message, Otlp.TextOf(status[2]));
                var detail = Otlp.Parse((byte[])status[3]);
                Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", Otlp.TextOf(detail[1]));
                var delay = Otlp.Parse((byte[])Otlp.Parse((byte[])detail[2])[1]);
                return (ulong)delay.GetValueOrDefault(1, 0UL) + (ulong)delay.GetValueOrDefault(2, 0UL) / 1e9;
            }
        }
    }
}
